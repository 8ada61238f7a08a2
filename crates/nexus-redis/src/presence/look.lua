-- ARGV: the time, then the users. Answers the status of each.
local now = now_ms(ARGV[1])
local ranks = {}
for i = 2, #ARGV do
  local _, after = sift(redis.call('HGET', KEYS[1], ARGV[i]), now)
  ranks[i - 1] = after
end
return ranks
