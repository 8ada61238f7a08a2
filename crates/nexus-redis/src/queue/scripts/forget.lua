-- Takes a letter out of its actor's list, unless it has died again since.
-- KEYS: the list. ARGV: the entry, when the letter died.
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at and tonumber(at) <= tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
