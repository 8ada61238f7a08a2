-- Takes a lane that nobody has. Answers the token that its owner's scripts must carry, and the life
-- of the server.
-- ARGV: the worker, the length of the lease in ms.
local owner, ops, epoch = KEYS[1], KEYS[2], KEYS[9]
if redis.call('EXISTS', owner) == 1 then
  return false
end
local token = ARGV[1] .. '|' .. redis.call('INCR', epoch)
redis.call('SET', owner, token, 'PX', ARGV[2])
redis.pcall('XGROUP', 'CREATE', ops, 'lanes', '0', 'MKSTREAM')
return {token, string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')}
