-- All failures of these.
return redis.call('DEL', unpack(KEYS))
