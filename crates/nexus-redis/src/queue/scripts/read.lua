-- Reads a portion: first what earlier owners have read and not settled, then what is new.
-- ARGV: the token, the consumer, where to go on among what was read ("" for what is new), how many.
-- Answers where to go on ("" after the last), and for each op its body and its tries.
local owner, ops, tries = KEYS[1], KEYS[2], KEYS[5]
if redis.call('GET', owner) ~= ARGV[1] then
  return false
end
local function read(command, ...)
  local answer = redis.pcall(command, ...)
  if answer and answer.err and string.find(answer.err, 'NOGROUP', 1, true) then
    -- Redis has come back without it.
    redis.call('XGROUP', 'CREATE', ops, 'lanes', '0', 'MKSTREAM')
    answer = redis.call(command, ...)
  end
  return answer
end
local following, entries = '', {}
if ARGV[3] == '' then
  local streams = read('XREADGROUP', 'GROUP', 'lanes', ARGV[2], 'COUNT', ARGV[4], 'STREAMS', ops, '>')
  if streams and streams.err then
    return streams
  end
  entries = streams and streams[1] and streams[1][2] or entries
else
  local claimed = read('XAUTOCLAIM', ops, 'lanes', ARGV[2], 0, ARGV[3], 'COUNT', ARGV[4])
  if claimed.err then
    return claimed
  end
  entries = claimed[2]
  if claimed[1] ~= '0-0' then
    following = claimed[1]
  else
    -- Nothing of them is left with earlier owners.
    for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', ops, 'lanes')) do
      if consumer[2] ~= ARGV[2] and consumer[4] == 0 then
        redis.call('XGROUP', 'DELCONSUMER', ops, 'lanes', consumer[2])
      end
    end
  end
end
local any_tries = redis.call('EXISTS', tries) == 1
local read_ops = {}
for at, entry in ipairs(entries) do
  read_ops[at] = {entry[2][4], any_tries and redis.call('HGET', tries, entry[2][2])}
end
return {following, read_ops}
