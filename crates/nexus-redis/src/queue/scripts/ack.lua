-- Forgets ops that are done. ARGV: the token, then their ids, some hundreds at most.
local owner, ops, ids, age, tries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
if redis.call('GET', owner) ~= ARGV[1] then
  return 0
end
local done, places = {}, {}
for at, place in ipairs(redis.call('HMGET', ids, unpack(ARGV, 2))) do
  if place then
    done[#done + 1], places[#places + 1] = ARGV[at + 1], place
  end
end
if #done > 0 then
  redis.call('XACK', ops, 'lanes', unpack(places))
  redis.call('XDEL', ops, unpack(places))
  redis.call('HDEL', ids, unpack(done))
  redis.call('ZREM', age, unpack(done))
  redis.call('HDEL', tries, unpack(done))
end
return 1
