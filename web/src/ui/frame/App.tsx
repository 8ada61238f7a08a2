import { useSyncExternalStore } from "react";
import { usePathname } from "wouter/use-browser-location";
import { locale, onSpoken, speakInside, t } from "../../i18n";
import { ErrorBoundary } from "../kit/ErrorBoundary";
import { LiveRegion } from "../kit/LiveRegion";
import { useLate } from "../kit/late";
import { later } from "../kit/later";
import { Spinner } from "../kit/Spinner";
import { Toasts } from "../kit/Toasts";
import { Crashed } from "./Crashed";
import { useMessenger } from "./messenger";
import { doorOf } from "./paths";
import { useNothingLeft } from "./useNothingLeft";

const Frame = later(async () => {
  const [{ Frame }] = await Promise.all([import("./Frame"), speakInside()]);
  return Frame;
}, Starting);
const Door = later(async () => (await import("../account/Door")).Door, Starting);
const SignIn = later(async () => (await import("../signin/SignIn")).SignIn, Starting);

/** Everything on screen. A new language renders all of it anew. */
export function App() {
  const spoken = useSyncExternalStore(onSpoken, locale);
  return (
    <ErrorBoundary instead={(failed) => <Crashed {...failed} />}>
      <LiveRegion />
      <Phase key={spoken} />
      <Toasts />
    </ErrorBoundary>
  );
}

function Phase() {
  const door = doorOf(usePathname());
  return door ? <Door door={door} /> : <Screens />;
}

function Screens() {
  const phase = useMessenger((state) => state.phase);
  useNothingLeft(phase === "signed-out");
  if (phase === "starting") return <Starting />;
  return phase === "signed-out" ? <SignIn /> : <Frame />;
}

function Starting() {
  const isLate = useLate(true, 300);
  return (
    <div className="grid h-full place-items-center text-accent">
      {isLate && (
        <div className="fade-in flex items-center gap-3">
          <Spinner />
          <p className="text-muted">{t("frame.starting")}</p>
        </div>
      )}
    </div>
  );
}
