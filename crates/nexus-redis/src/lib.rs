//! Queue, bus, presence, limits and first answers on Redis 7, alone, with replicas, or as a cluster.
