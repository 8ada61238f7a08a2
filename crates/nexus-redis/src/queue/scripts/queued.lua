-- An op that waits, and its tries. ARGV: its id.
local ops, ids, tries = KEYS[2], KEYS[3], KEYS[5]
local place = redis.call('HGET', ids, ARGV[1])
local entry = place and redis.call('XRANGE', ops, place, place)[1]
if not entry then
  return false
end
return {entry[2][4], redis.call('HGET', tries, ARGV[1])}
