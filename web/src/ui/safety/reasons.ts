import type { TextId } from "../../i18n";
import type { ReportReason } from "../../wire";

export const REASONS: Record<ReportReason, TextId> = {
  spam: "safety.reason.spam",
  harassment: "safety.reason.harassment",
  hate: "safety.reason.hate",
  violence: "safety.reason.violence",
  sexual: "safety.reason.sexual",
  illegal: "safety.reason.illegal",
  impersonation: "safety.reason.impersonation",
  other: "safety.reason.other",
};
