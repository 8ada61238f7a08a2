-- Gives a lane up. ARGV: the token.
local owner = KEYS[1]
if redis.call('GET', owner) == ARGV[1] then
  redis.call('DEL', owner)
end
