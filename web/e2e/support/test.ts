/** `test` as all files use it: windows that fail their test over any error nobody expected. */

import { type Browser, type BrowserContextOptions, test as base, expect } from "@playwright/test";
import { Nexus } from "../../../e2e/support/nexus.js";
import { Device } from "./device";

export { expect } from "@playwright/test";

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** A `Person` renews no tokens. */
const LONGER_THAN_ANY_STORY_SECS = 86_400;

export const DESKTOP = { viewport: { width: 1280, height: 800 } };

interface Fixtures {
  /** Another person's browser, or the same person's on another machine. */
  device: (options?: BrowserContextOptions) => Promise<Device>;
}

export const test = base.extend<Fixtures>({
  device: async ({ browser }, use) => {
    const devices: Device[] = [];
    await use(async (options = DESKTOP) => {
      const device = await open(browser, options);
      devices.push(device);
      return device;
    });
    for (const device of devices) await device.context.close();
    expect(
      devices.flatMap((device) => device.faults),
      "errors in the pages",
    ).toEqual([]);
  },
});

async function open(browser: Browser, options: BrowserContextOptions): Promise<Device> {
  return Device.watch(await browser.newContext({ locale: "en-GB", ...options }));
}

/** The real server, for all tests of a file, with a data folder of its own. */
export function serve(
  settings: Record<string, string | number | boolean> = {},
  file?: (port: number) => string,
): {
  nexus: Nexus;
  url: string;
} {
  let nexus: Nexus | undefined;
  test.beforeAll(async () => {
    const defaults = { LIMITS__ENABLED: false, AUTH__ACCESS_TTL_SECS: LONGER_THAN_ANY_STORY_SECS };
    nexus = await Nexus.start({ ...defaults, ...settings }, file);
  });
  test.afterAll(() => nexus?.stop());
  const running = () => {
    if (!nexus) throw new Error("the server starts before the first test");
    return nexus;
  };
  return {
    get nexus() {
      return running();
    },
    get url() {
      return running().url;
    },
  };
}
