// Makes the replica set and its two users; run again it changes nothing. It must come from mongo1's
// own address: without users MongoDB listens to nobody else.

const { readFileSync } = require("node:fs");
const secret = (name) => readFileSync(`/run/secrets/${name}`, "utf8").trim();
const members = ["mongo1:27017", "mongo2:27017", "mongo3:27017"];
const [, user, password] = secret("store_url").match(/^mongodb:\/\/([^:]+):([^@]+)@/);

const admin = db.getSiblingDB("admin");
if (!db.hello().setName) {
  rs.initiate({
    _id: "nexus",
    // The first member gets the users: without any, only it can be spoken to.
    members: members.map((host, _id) => ({ _id, host, priority: _id === 0 ? 2 : 1 })),
  });
}
while (!db.hello().isWritablePrimary) {
  if (db.hello().primary && db.hello().primary !== members[0]) {
    print(`${db.hello().primary} is primary: made before, nothing to do`);
    quit(0);
  }
  sleep(200);
}
try {
  admin.createUser({ user: "admin", pwd: secret("mongo_admin"), roles: ["root"] });
} catch (err) {
  print(`users are there already (${err.codeName})`);
}
admin.auth("admin", secret("mongo_admin"));
const nexus = db.getSiblingDB("nexus");
if (!nexus.getUser(user)) {
  nexus.createUser({ user, pwd: password, roles: ["readWrite"] });
}
print("ready");
