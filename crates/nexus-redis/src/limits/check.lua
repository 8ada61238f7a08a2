-- One check, by GCRA. KEYS[1] says when all of the quota will be back: milliseconds since the epoch
-- and the nanoseconds beyond them, apart because one of Lua's numbers is too short for both.
-- ARGV: the cost and the whole quota, in nanoseconds; the time in milliseconds, or '' for ours.
-- Answers whether it is allowed, and the nanoseconds that were taken before.
local cost, all = tonumber(ARGV[1]), tonumber(ARGV[2])
local now_ms, now_ns = tonumber(ARGV[3]), 0
if not now_ms then
  local time = redis.call('TIME')
  now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  now_ns = time[2] % 1000 * 1000
end

local taken = 0
local full_at = redis.call('GET', KEYS[1])
if full_at then
  local ms, ns = string.match(full_at, '(%d+) (%d+)')
  taken = math.max(0, (ms - now_ms) * 1000000 + (ns - now_ns))
end

local wanted = taken + cost
if wanted > all then return {0, taken} end
if cost > 0 then
  local ahead = now_ns + wanted
  local full_ms, full_ns = now_ms + math.floor(ahead / 1000000), ahead % 1000000
  -- The key outlives its use by some seconds: a clock that was given may be slower than ours.
  local lives_ms = math.ceil(wanted / 1000000) + 5000
  redis.call('SET', KEYS[1], string.format('%d %d', full_ms, full_ns), 'PX', string.format('%d', lives_ms))
end
return {1, taken}
