-- Takes a lane that nobody else has. Answers the token that its owner's scripts must carry (another
-- one each time, also for the same worker), and the life of the server.
-- ARGV: the worker, which of its claims this is, the length of the lease in ms.
local owner, ops, epoch = KEYS[1], KEYS[2], KEYS[9]
local mine = ARGV[1] .. '|'
local held = redis.call('GET', owner)
if held and string.sub(held, 1, #mine) ~= mine then
  return false
end
local token = mine .. ARGV[2] .. '|' .. redis.call('INCR', epoch)
redis.call('SET', owner, token, 'PX', ARGV[3])
redis.pcall('XGROUP', 'CREATE', ops, 'lanes', '0', 'MKSTREAM')
return {token, string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')}
