-- Drops what has expired. ARGV: the time, and how many users to look at. Answers how many it looked
-- at, and who is offline by it.
local now = now_ms(ARGV[1])
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%d', now), 'LIMIT', 0, ARGV[2])
local gone = {}
for _, user in ipairs(due) do
  local before, after, kept, soonest = sift(redis.call('HGET', KEYS[1], user), now)
  keep(user, kept, soonest)
  if before > 0 and after == 0 then gone[#gone + 1] = user end
end
return {#due, gone}
