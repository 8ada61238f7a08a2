-- How a lane stands: how many ops wait, since when, how many are tried again, how many are dead, and
-- whose it is.
local owner, age, tries, died = KEYS[1], KEYS[4], KEYS[5], KEYS[7]
local oldest = redis.call('ZRANGE', age, 0, 0, 'WITHSCORES')
return {
  redis.call('ZCARD', age),
  oldest[2] or false,
  redis.call('HLEN', tries),
  redis.call('ZCARD', died),
  redis.call('GET', owner),
}
