-- A connection comes, is renewed, or goes. ARGV: the time, the user, the connection; when it does
-- not go, its rank and how many milliseconds it lasts. Answers the status before and after.
local now = now_ms(ARGV[1])
local user, connection, rank = ARGV[2], ARGV[3], ARGV[4]
local before, after, kept, soonest = sift(redis.call('HGET', KEYS[1], user), now, connection)
if rank then
  local gone_at = now + ARGV[5]
  after = math.max(after, tonumber(rank))
  soonest = math.min(soonest, gone_at)
  kept[#kept + 1] = string.format('%s:%s:%d;', connection, rank, gone_at)
end
keep(user, kept, soonest)
return {before, after}
