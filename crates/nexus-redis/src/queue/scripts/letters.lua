-- The latest dead letters of a lane. ARGV: those that died before this only, how many.
local dead, died = KEYS[6], KEYS[7]
local ids = redis.call('ZRANGE', died, '(' .. ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2])
local letters = {}
for at, id in ipairs(ids) do
  letters[at] = redis.call('HGET', dead, id)
end
return letters
