import { describe, expect, it } from "vitest";
import { clock, dayName, daysAgo, shortTime } from "./times";

const at = (day: number, hour = 12) => new Date(2026, 10, day, hour).getTime();
const now = at(23);

describe("times", () => {
  it("count days by the calendar, not by hours", () => {
    expect(daysAgo(at(22, 23), at(23, 0))).toBe(1);
    expect(daysAgo(at(23, 0), at(23, 23))).toBe(0);
    expect(daysAgo(at(24), now)).toBe(-1);
  });

  it("are short in a list", () => {
    expect(shortTime(at(23, 14), now, "en-GB")).toBe("14:00");
    expect(shortTime(at(22), now, "en")).toBe("Yesterday");
    expect(shortTime(at(20), now, "en")).toBe("Fri");
    expect(shortTime(at(16), now, "de")).toBe("16.11.2026");
  });

  it("name days between messages", () => {
    expect(dayName(at(23), now, "en")).toBe("Today");
    expect(dayName(at(22), now, "de")).toBe("Gestern");
    expect(dayName(at(18), now, "en")).toBe("Wednesday");
    expect(dayName(at(3), now, "en")).toBe("November 3");
    expect(dayName(new Date(2025, 0, 5).getTime(), now, "en")).toBe("January 5, 2025");
  });

  it("are told by the clocks of where one is, also after a journey", () => {
    const before = process.env.TZ;
    try {
      process.env.TZ = "Europe/Berlin";
      expect(clock("2026-11-23T12:00:00Z", "de")).toBe("13:00");
      process.env.TZ = "Asia/Tokyo";
      expect(clock("2026-11-23T12:00:00Z", "de")).toBe("21:00");
    } finally {
      process.env.TZ = before;
    }
  });
});
