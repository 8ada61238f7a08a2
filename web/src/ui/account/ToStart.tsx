import { t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { replace } from "../frame/navigation";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";

/** On, to the chats or to the way in. */
export function ToStart({ look = "primary" }: { look?: "primary" | "plain" }) {
  const isIn = useMessenger((state) => state.phase === "signed-in");
  return (
    <Button look={look} onClick={() => replace(paths.chats())}>
      {t(isIn ? "frame.toChats" : "account.toSignIn")}
    </Button>
  );
}
