-- Notes a failed try. ARGV: the token, the op's id, what is to be noted.
local owner, ids, tries = KEYS[1], KEYS[3], KEYS[5]
if redis.call('GET', owner) ~= ARGV[1] then
  return 0
end
if redis.call('HEXISTS', ids, ARGV[2]) == 1 then
  redis.call('HSET', tries, ARGV[2], ARGV[3])
end
return 1
