-- A time of death that no other has. KEYS: the last one. ARGV: now.
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local now = math.max(tonumber(ARGV[1]), last + 1)
redis.call('SET', KEYS[1], string.format('%.0f', now))
return now
