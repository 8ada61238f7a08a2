-- Notes in KEYS[1] that a node runs with the keys ARGV[2..]; a note is good for ARGV[1]
-- milliseconds. Answers 0, and notes nothing, where other notes are there and none is of these keys.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%d', now - ARGV[1]))
local shared = redis.call('ZCARD', KEYS[1]) == 0
for at = 2, #ARGV do
  shared = shared or redis.call('ZSCORE', KEYS[1], ARGV[at])
end
if not shared then return 0 end
for at = 2, #ARGV do
  redis.call('ZADD', KEYS[1], string.format('%d', now), ARGV[at])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
