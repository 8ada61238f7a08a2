-- Takes the count of a try back. KEYS[1] is about the place: a right try makes it new again.
local right = ARGV[1] == 'right'
for i, key in ipairs(KEYS) do
  local known = redis.call('HMGET', key, 'failures', 'last')
  local failures = tonumber(known[1] or 0)
  if failures <= 1 or (right and i == 1) then
    redis.call('DEL', key)
  else
    -- It was let through, so nobody waited before it.
    redis.call('HSET', key, 'failures', failures - 1, 'next', known[2])
  end
end
return 0
