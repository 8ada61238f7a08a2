import { expect, type Locator, type Page } from "@playwright/test";

export const PASSWORD = "correct horse battery";
const EDGE = { x: 18, y: 3 };

/** One tab of the client, by the names that people and screen readers find things by. */
export class Client {
  readonly chats: Locator;
  /** Of the open chat: its name, and who is there or types. */
  readonly header: Locator;
  readonly messages: Locator;
  /** Those of them that are in the list now; what they hold may be lists as well. */
  readonly rows: Locator;
  readonly box: Locator;
  readonly status: Locator;

  constructor(readonly page: Page) {
    this.chats = page.getByRole("list", { name: "Chats", exact: true });
    this.header = page
      .getByRole("main", { name: "Chat" })
      .getByRole("link")
      .filter({ has: page.getByRole("heading") });
    this.messages = page.getByRole("list", { name: "Messages", exact: true });
    this.rows = this.messages.locator("> [aria-posinset]");
    this.box = page.getByRole("textbox", { name: "Message", exact: true });
    this.status = page.getByRole("status");
  }

  /** `ann` becomes Ann. */
  async signUp(username: string, displayName = nameOf(username)): Promise<void> {
    await this.button("Create account").click();
    await this.field("Display name").fill(displayName);
    await this.field("Username").fill(username);
    await this.field("Email").fill(`${username}@example.com`);
    await this.field("Password").fill(PASSWORD);
    await this.button("Create account").click();
    await expect(this.button("New chat")).toBeVisible();
  }

  async signIn(username: string): Promise<void> {
    await this.field("Email").fill(username);
    await this.field("Password").fill(PASSWORD);
    await this.button("Sign in").click();
    await expect(this.button("New chat")).toBeVisible();
  }

  async signOut(): Promise<void> {
    await this.page.goto(new URL("/settings", this.page.url()).href);
    await this.button("Sign out").click();
    await this.dialog("Sign out of this device?").getByRole("button", { name: "Sign out" }).click();
    await expect(this.button("Sign in")).toBeVisible();
  }

  /** From here on the page opens without a network. */
  async isInstalled(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller) return;
      await new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
      });
    });
  }

  async startChat(name: string): Promise<void> {
    await this.button("New chat").click();
    const dialog = this.dialog("New chat");
    await dialog.getByRole("textbox", { name: "Search people" }).fill(name);
    await dialog.getByRole("list", { name: "People" }).getByRole("button", { name }).click();
    await expect(this.box).toBeVisible();
  }

  async openChat(name: string): Promise<void> {
    await this.chat(name).getByRole("link").click();
    await expect(this.box).toBeVisible();
  }

  /** What the open group is, and who is in it. */
  async openInfo(): Promise<void> {
    await this.header.click();
    await expect(this.page.getByRole("heading", { name: "Group info" })).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.box.fill(text);
    await this.button("Send").click();
  }

  /** The row of a chat. */
  chat(name: string): Locator {
    const link = this.page.getByRole("link", { name: new RegExp(`^(online |away )?${escaped(name)} `) });
    return this.chats.getByRole("listitem").filter({ has: link });
  }

  /** By its text, and where it is told by how far it has come: `message("hello", "Read")`. */
  message(text: string, state = ""): Locator {
    return this.messages.getByRole("listitem", { name: new RegExp(`${escaped(text)}.*${state}$`, "s") });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole("textbox", { name, exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole("dialog", { name, exact: true });
  }

  item(name: string): Locator {
    return this.page.getByRole("menuitem", { name, exact: true });
  }

  /** The menu of a message, as the pointer opens it. */
  async menuOf(text: string): Promise<void> {
    // Within its edge, where no link and no button is.
    await this.message(text).locator("[data-bubble]").click({ button: "right", position: EDGE });
    await expect(this.page.getByRole("menu", { name: "Message actions" })).toBeVisible();
  }

  /** The accessible names of all messages that are in the list now, from top to bottom. */
  async labels(): Promise<string[]> {
    const labels = await this.rows.evaluateAll((rows) =>
      rows.map((row) => [Number(row.ariaPosInSet), row.ariaLabel ?? ""] as const),
    );
    return labels.sort(([a], [b]) => a - b).map(([, label]) => label);
  }
}

export function nameOf(username: string): string {
  return username.charAt(0).toUpperCase() + username.slice(1);
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
