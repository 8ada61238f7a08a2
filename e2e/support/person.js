// Somebody with an account: REST requests, and the official client with three namespaces.

import { io, Manager } from "socket.io-client";
import { randomUUID } from "node:crypto";

import { endsWith, within } from "./nexus.js";

export const PASSWORD = "correct horse battery";

export class Person {
  /** Signs up; `name` need not be unique among test files, as each has its own server. */
  static async signUp(nexus, name) {
    const person = new Person(nexus, name);
    const { status, body } = await person.post("/auth/signup", {
      email: `${name}@example.com`,
      username: name,
      password: PASSWORD,
      displayName: name.toUpperCase(),
    });
    if (status !== 201) throw new Error(`signup: ${status} ${JSON.stringify(body)}`);
    person.take(body);
    return person;
  }

  constructor(nexus, name) {
    this.nexus = nexus;
    this.name = name;
  }

  /** The same person on another device. */
  async logIn(device = "another") {
    const other = new Person(this.nexus, this.name);
    const request = { identifier: this.name, password: PASSWORD, device };
    const { status, body } = await other.post("/auth/login", request);
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    other.take(body);
    return other;
  }

  take({ user, accessToken, refreshToken }) {
    this.id = user.id;
    this.token = accessToken;
    this.refreshToken = refreshToken;
  }

  // REST: answers { status, headers, body }, refused or not.
  get(path) { return this.request("GET", path); }
  post(path, body = {}) { return this.request("POST", path, body); }
  put(path, body = {}) { return this.request("PUT", path, body); }
  patch(path, body = {}) { return this.request("PATCH", path, body); }
  delete(path, body) { return this.request("DELETE", path, body); }

  async request(method, path, body, headers = {}) {
    const answer = await this.nexus.fetch(`${this.nexus.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
  }

  async direct(other) {
    return (await this.post("/chats", { type: "direct", memberIds: [other.id] })).body.chat;
  }

  async group(title, ...others) {
    const memberIds = others.map((other) => other.id);
    return (await this.post("/chats", { type: "group", title, memberIds })).body.chat;
  }

  async messages(chat) {
    return (await this.get(`/chats/${chat.id}/messages?after=0&limit=200`)).body.messages;
  }

  /** Connects /chat, /presence and /typing over one engine; resolves when all are in. */
  async connect(options = {}) {
    const { url = this.nexus.url, ...rest } = options;
    const manager = new Manager(url, { transports: ["websocket"], ...rest });
    const line = new Line(manager, () => this.token);
    endsWith(this.nexus.url, () => line.close());
    await within(line.connected(), `${this.name} is connected`);
    return line;
  }
}

/** One connection with its three namespaces, and everything that was heard on them. */
export class Line {
  constructor(manager, token) {
    const auth = (give) => give({ token: token() });
    this.manager = manager;
    this.chat = new Ear(manager.socket("/chat", { auth }));
    this.presence = new Ear(manager.socket("/presence", { auth }));
    this.typing = new Ear(manager.socket("/typing", { auth }));
  }

  connected() {
    return Promise.all([this.chat, this.presence, this.typing].map((ear) => ear.connected()));
  }

  /** Sends a text over the socket; answers the acknowledgement. */
  send(chat, content, more = {}) {
    return this.chat.call("msg:send", text(chat, content, more));
  }

  close() {
    this.manager.reconnection(false);
    this.manager._close();
  }
}

export function text(chat, content, more = {}) {
  return { chatId: chat.id, clientId: randomUUID(), type: "text", content, ...more };
}

/** A socket that remembers what it heard until somebody asks for it. */
export class Ear {
  constructor(socket) {
    this.socket = socket;
    this.heard = [];
    this.waiting = [];
    socket.onAny((name, body) => this.hear(name, body));
  }

  hear(name, body) {
    const at = this.waiting.findIndex((w) => w.name === name && w.fits(body));
    if (at < 0) this.heard.push({ name, body });
    else this.waiting.splice(at, 1)[0].resolve(body);
  }

  connected() {
    return new Promise((resolve, reject) => {
      if (this.socket.connected) return resolve();
      this.socket.once("connect", resolve);
      this.socket.once("connect_error", reject);
      this.socket.connect();
    });
  }

  /** The next event of this name that fits, heard already or yet to come. */
  next(name, fits = () => true) {
    const at = this.heard.findIndex((event) => event.name === name && fits(event.body));
    if (at >= 0) return Promise.resolve(this.heard.splice(at, 1)[0].body);
    const coming = new Promise((resolve) => this.waiting.push({ name, fits, resolve }));
    return within(coming, `${name} (heard: ${this.heard.map((event) => event.name)})`);
  }

  /** All of this name that were heard and not asked for yet. */
  take(name) {
    const taken = this.heard.filter((event) => event.name === name).map((event) => event.body);
    this.heard = this.heard.filter((event) => event.name !== name);
    return taken;
  }

  call(event, ...args) {
    return this.socket.timeout(30_000).emitWithAck(event, ...args);
  }

  disconnected() {
    if (this.socket.disconnected) return Promise.resolve("already");
    return within(new Promise((resolve) => this.socket.once("disconnect", resolve)), "disconnect");
  }
}

/** A bare socket of the official client, for tests of the handshake itself. */
export function bare(url, namespace, options) {
  const socket = io(`${url}${namespace}`, { forceNew: true, ...options });
  endsWith(url, () => socket.disconnect());
  return socket;
}
