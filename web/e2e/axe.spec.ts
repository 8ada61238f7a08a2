import { shutsOut } from "./support/axe";
import { AREAS } from "./support/screens/areas";
import { DESKTOP, expect, PHONE, test } from "./support/test";
import { preferring, tour } from "./support/tour";
import { words } from "./support/words";
import { inhabited } from "./support/world";

const place = inhabited();

for (const [look, size] of [
  ["desktop", DESKTOP],
  ["phone", PHONE],
] as const) {
  for (const area of AREAS) {
    test(`nobody is shut out on a ${look}: ${area.name}`, async ({ device }) => {
      const browser = await device({ ...size, ...preferring(place.url, { locale: "en" }) });
      await tour(browser, area, {
        ...place.tour,
        say: words("en"),
        look: async (page, { name }) => {
          expect.soft(await shutsOut(page, { name, look }), name).toEqual([]);
        },
      });
    });
  }
}
