-- Claims KEYS[1] for one request. ARGV: its fingerprint, the time, after how many milliseconds an
-- unfinished claim was cut off, before when claims are forgotten, how many milliseconds this lasts.
local print, at, cut_off, forgotten = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local first = redis.call('HMGET', KEYS[1], 'print', 'at', 'status', 'type', 'body')
local known_print, known_at, status = first[1], tonumber(first[2]), first[3]
if known_print and known_at >= forgotten and (status or at - known_at < cut_off) then
  if known_print ~= print then return {'mismatch'} end
  if not status then return {'in progress'} end
  return {'answered', status, first[4], first[5]}
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'print', print, 'at', at)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return {'new'}
