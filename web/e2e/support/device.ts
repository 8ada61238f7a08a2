import type { BrowserContext, ConsoleMessage, Page } from "@playwright/test";
import { Client } from "./client";

/** What Chromium itself writes about a request that was refused or did not get through. */
const NETWORK = /^Failed to load resource: net::ERR_|^WebSocket connection to .* failed/;
/** Asking who one is, before signing in, is answered so. */
const SIGNED_OUT = /^Failed to load resource: the server responded with a status of 401/;
/** And of a connection that was on its way when the page was left. */
const LEFT_EARLY = /^WebSocket connection to .* failed: WebSocket is closed before/;
const NO_WORKER = /^Service Worker registration blocked by Playwright/;

/** A browser of its own, with its cookies, disk and tabs; it remembers what went wrong in them. */
export class Device {
  readonly faults: string[] = [];
  private readonly expected: RegExp[] = [SIGNED_OUT, LEFT_EARLY, NO_WORKER];

  private constructor(readonly context: BrowserContext) {}

  static async watch(context: BrowserContext): Promise<Device> {
    const device = new Device(context);
    await context.exposeBinding("reportFault", (_, fault: string) => void device.faults.push(fault));
    await context.addInitScript(() => {
      const { reportFault } = window as unknown as { reportFault: (fault: string) => void };
      document.addEventListener("securitypolicyviolation", (event) => {
        reportFault(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    context.on("page", (page) => device.listen(page));
    return device;
  }

  async open(url: string): Promise<Client> {
    const page = await this.context.newPage();
    await page.goto(url);
    return new Client(page);
  }

  async signedIn(url: string, username: string): Promise<Client> {
    const client = await this.open(url);
    await client.signIn(username);
    return client;
  }

  /** The network is about to fail: what Chromium says of that is no fault. */
  expectNetworkErrors(): void {
    this.expected.push(NETWORK);
  }

  expectConsole(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  private listen(page: Page): void {
    page.on("pageerror", (error) => this.faults.push(`page error: ${error.stack ?? error.message}`));
    page.on("dialog", async (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("console", (message) => this.hear(message));
  }

  private hear(message: ConsoleMessage): void {
    const isBad = message.type() === "error" || message.type() === "warning";
    if (!isBad || this.expected.some((pattern) => pattern.test(message.text()))) return;
    this.faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  }
}
