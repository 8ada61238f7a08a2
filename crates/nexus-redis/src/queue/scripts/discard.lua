-- Deletes a dead letter. Answers it. ARGV: the op's id.
local dead, died = KEYS[6], KEYS[7]
local letter = redis.call('HGET', dead, ARGV[1])
redis.call('HDEL', dead, ARGV[1])
redis.call('ZREM', died, ARGV[1])
return letter
