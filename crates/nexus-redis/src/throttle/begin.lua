-- One try. KEYS: what it counts for, each a hash of `failures`, and of `last` and `next`, times in
-- milliseconds since the epoch. ARGV: the time in milliseconds, or '' for ours; how long failures
-- count; then for each key how many are free, the first wait and the longest. Answers how long to
-- wait; when that is nothing, the try has been counted as failed.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local kept = tonumber(ARGV[2])

local failures, wait = {}, 0
for i, key in ipairs(KEYS) do
  local known = redis.call('HMGET', key, 'failures', 'last', 'next')
  if known[1] and now - known[2] < kept then
    failures[i] = tonumber(known[1])
    wait = math.max(wait, known[3] - now)
  end
end
if wait > 0 then return wait end

for i, key in ipairs(KEYS) do
  local count = (failures[i] or 0) + 1
  local free, first, most = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  local delay = 0
  if count >= free then delay = math.min(first * 2 ^ math.min(count - free, 20), most) end
  local next_at = string.format('%d', now + delay)
  redis.call('HSET', key, 'failures', count, 'last', string.format('%d', now), 'next', next_at)
  redis.call('PEXPIRE', key, kept)
end
return 0
