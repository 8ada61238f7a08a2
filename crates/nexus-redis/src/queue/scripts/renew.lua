-- Keeps a lane. Answers the life of the server: in another one things may be as they were before.
-- ARGV: the token, the length of the lease in ms.
local owner = KEYS[1]
if redis.call('GET', owner) ~= ARGV[1] then
  return false
end
redis.call('PEXPIRE', owner, ARGV[2])
return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
