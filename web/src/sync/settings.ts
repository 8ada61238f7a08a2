/** What the user has chosen for all devices. */

import type { Settings, UpdateSettings } from "../wire";

/** As it will be, before the server has said so. */
export function merged(now: Settings, { privacy, notifications, ...rest }: UpdateSettings): Settings {
  return {
    ...now,
    ...rest,
    privacy: { ...now.privacy, ...privacy },
    notifications: { ...now.notifications, ...notifications },
  };
}
