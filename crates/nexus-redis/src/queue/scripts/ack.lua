-- Forgets ops that are done. ARGV: the token, then their ids.
local owner, ops, ids, age, tries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
if redis.call('GET', owner) ~= ARGV[1] then
  return 0
end
for at = 2, #ARGV do
  local id = ARGV[at]
  local place = redis.call('HGET', ids, id)
  if place then
    redis.call('XACK', ops, 'lanes', place)
    redis.call('XDEL', ops, place)
    redis.call('HDEL', ids, id)
    redis.call('ZREM', age, id)
    redis.call('HDEL', tries, id)
  end
end
return 1
