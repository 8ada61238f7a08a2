/** What moderators and admins can do. */

import type { Rest } from "../net/rest";
import type { StaffRest } from "../net/staff";
import { asked } from "./refusal";

export type Staff = StaffRest;

export async function staffOf(rest: Rest): Promise<Staff> {
  const staff = await asked(rest.staff());
  return {
    reports: (wish) => asked(staff.reports(wish)),
    report: (id) => asked(staff.report(id)),
    resolve: (id, wish) => asked(staff.resolve(id, wish)),
    accounts: (wish) => asked(staff.accounts(wish)),
    ban: (id, wish) => asked(staff.ban(id, wish)),
    lift: (id) => asked(staff.lift(id)),
    announcements: (wish) => asked(staff.announcements(wish)),
    announce: (wish) => asked(staff.announce(wish)),
    withdraw: (id) => asked(staff.withdraw(id)),
  };
}
