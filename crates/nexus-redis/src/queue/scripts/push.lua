-- Adds ops at the end of a lane, in their order. Those that wait already stay where they are, dead
-- ones live again. Answers the letters that are dead no more.
-- ARGV: most ops that may wait (0: any number), "any" or "dead" (only those that are), what the
-- wake-up says, then for each op its id, when it was queued, its body.
local ops, ids, age, dead, died, wake = KEYS[2], KEYS[3], KEYS[4], KEYS[6], KEYS[7], KEYS[8]
local bound = tonumber(ARGV[1])
if bound > 0 and redis.call('HLEN', ids) >= bound then
  return redis.error_reply('QUEUEFULL the lane holds as many ops as it may')
end
local any_dead = redis.call('EXISTS', dead) == 1
local revived = {}
for at = 4, #ARGV, 3 do
  local id = ARGV[at]
  local letter = any_dead and redis.call('HGET', dead, id)
  if letter then
    redis.call('HDEL', dead, id)
    redis.call('ZREM', died, id)
    revived[#revived + 1] = letter
  end
  if (letter or ARGV[2] == 'any') and redis.call('HEXISTS', ids, id) == 0 then
    local place = redis.call('XADD', ops, '*', 'id', id, 'op', ARGV[at + 2])
    redis.call('HSET', ids, id, place)
    redis.call('ZADD', age, ARGV[at + 1], id)
  end
end
redis.call('SPUBLISH', wake, ARGV[3])
return revived
