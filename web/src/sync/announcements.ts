/** What staff have to say to everybody, or to this user, and what of it was put away. */

import type { Announcement } from "../wire";
import type { Engine } from "./engine";

export interface Announcements {
  hear(announcement: Announcement): void;
  /** Withdrawn, or put away on whatever device. */
  drop(id: string): void;
  dismiss(id: string): Promise<void>;
  connected(): void;
}

export function createAnnouncements({ core, rest, isOnline, onStop }: Engine): Announcements {
  const { store } = core;

  function load() {
    if (!isOnline() || !store.getState().features.has("announcements")) return;
    // Without an answer those stay that are known.
    rest.announcements.list().then(
      (all) => store.setState({ announcements: all.filter((one) => !one.dismissed) }),
      () => {},
    );
  }

  onStop(
    store.subscribe((now, before) => {
      if (now.features !== before.features) load();
    }),
  );

  const drop = (id: string) =>
    store.setState(({ announcements }) => ({ announcements: announcements.filter((one) => one.id !== id) }));

  function hear(announcement: Announcement) {
    drop(announcement.id);
    if (announcement.dismissed) return;
    store.setState(({ announcements }) => ({ announcements: [announcement, ...announcements] }));
  }

  return {
    hear,
    drop,
    async dismiss(id) {
      const before = store.getState().announcements.find((one) => one.id === id);
      drop(id);
      try {
        await rest.announcements.dismiss(id);
      } catch (error) {
        if (before) hear(before);
        throw error;
      }
    },
    connected: load,
  };
}
