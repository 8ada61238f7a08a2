-- Makes a dead letter of an op. ARGV: the token, the op's id, the letter, its time of death.
local owner, ops, ids, age, tries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local dead, died = KEYS[6], KEYS[7]
if redis.call('GET', owner) ~= ARGV[1] then
  return 0
end
local place = redis.call('HGET', ids, ARGV[2])
if place then
  redis.call('HSET', dead, ARGV[2], ARGV[3])
  redis.call('ZADD', died, ARGV[4], ARGV[2])
  redis.call('XACK', ops, 'lanes', place)
  redis.call('XDEL', ops, place)
  redis.call('HDEL', ids, ARGV[2])
  redis.call('ZREM', age, ARGV[2])
  redis.call('HDEL', tries, ARGV[2])
end
return 1
