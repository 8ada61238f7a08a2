-- Begins each script of presence. KEYS: the users of a shard, each with its connections as one
-- string of 'id:rank:gone_at;', and the users in order of the next time that one of theirs is gone.
-- Rank 2 is online, 1 away, 0 not to be seen; a user's status is the highest, and 0 is offline.

local function now_ms(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The status with those that expired unnoticed, and without; then those that stay.
local function sift(known, now, except)
  local before, after, kept, soonest = 0, 0, {}, math.huge
  for id, rank, gone_at in string.gmatch(known or '', '(%x+):(%d):(%d+);') do
    before = math.max(before, tonumber(rank))
    if tonumber(gone_at) > now and id ~= except then
      after = math.max(after, tonumber(rank))
      soonest = math.min(soonest, tonumber(gone_at))
      kept[#kept + 1] = id .. ':' .. rank .. ':' .. gone_at .. ';'
    end
  end
  return before, after, kept, soonest
end

local function keep(user, kept, soonest)
  if #kept == 0 then
    redis.call('HDEL', KEYS[1], user)
    redis.call('ZREM', KEYS[2], user)
  else
    redis.call('HSET', KEYS[1], user, table.concat(kept))
    redis.call('ZADD', KEYS[2], string.format('%d', soonest), user)
  end
end
