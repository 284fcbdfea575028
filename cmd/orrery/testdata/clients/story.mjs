// One story for every client in JavaScript. A client is a class with the methods used here; its objects are the client's own
// but for their names, which the class gives. Whom it acts for is in the environment; what a person does with a browser is
// asked for on standard output: "authorise NAME ADDRESS" is answered on standard input with the code.
import assert from "node:assert/strict";
import readline from "node:readline";

export const outOfBand = "urn:ietf:wg:oauth:2.0:oob";
export const scopes = "read write follow";

const answers = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function authorise(name, address) {
  console.log(`authorise ${name} ${address}`);
  return (await answers.next()).value;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// eventually asks again until something comes that is not false, null or undefined, and returns it.
async function eventually(what, ask) {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(100)) {
    const got = await ask();
    if (got) return got;
  }
  throw new Error(`${what} did not come true`);
}

// gone says whether a request was answered 404.
async function gone(request) {
  try {
    await request;
    return false;
  } catch (error) {
    if ((error.statusCode ?? error.response?.status) === 404) return true;
    throw error;
  }
}

const picture = Buffer.from(process.env.PICTURE, "base64");

export async function tell(Client) {
  const [alice, berta] = await Promise.all(
    ["ALICE", "BERTA"].map(async (who) => {
      const client = await Client.logIn(process.env[`${who}_ORIGIN`], process.env[`${who}_NAME`]);
      client.handle = `${process.env[`${who}_NAME`]}@${new URL(process.env[`${who}_ORIGIN`]).host}`;
      assert.equal((await client.me()).username, process.env[`${who}_NAME`]);
      return client;
    }),
  );
  await follow(alice, berta);
  await follow(berta, alice);
  const heard = await listen(alice);
  await post(alice, berta);
  await talk(alice, berta, heard);
  await read(alice, berta);
  await alice.leave();
  await assert.rejects(alice.me(), "the token works after leaving");
  console.log("done");
  process.exit(0);
}

async function follow(who, whom) {
  const found = await who.search(`@${whom.handle}`);
  assert.deepEqual(found.map((a) => a.acct), [whom.handle]);
  await who.follow(found[0].id);
  await eventually(`${who.handle} follows ${whom.handle}`, () => who.follows(found[0].id));
  whom.idElsewhere = found[0].id;
}

// listen opens a stream, and returns when events come: a client does not say when it is subscribed.
async function listen(client) {
  const heard = [];
  await client.stream((event, payload) => heard.push({ event, payload }));
  for (let n = 0; !heard.some((e) => e.event === "update"); n++) {
    assert.ok(n < 40, "the stream does not open");
    await client.post({ status: `Is the stream open? ${n}`, visibility: "private" });
    await pause(500);
  }
  return (what, is) => eventually(`${what} is heard`, () => heard.find(is));
}

async function receives(client, from, words) {
  return eventually(`${words} is in the home of ${client.handle}`, async () =>
    (await client.home()).find((s) => s.account.acct === from.handle && s.content.includes(words)),
  );
}

async function isTold(client, type, by) {
  return eventually(`${client.handle} is told of a ${type}`, async () =>
    (await client.notifications()).find((n) => n.type === type && n.account.acct === by.handle),
  );
}

async function post(alice, berta) {
  const file = await alice.upload(picture, "Blue to yellow");
  const shown = await alice.post({ status: "A picture", media: [file], warning: "Colours", sensitive: true, language: "en" });
  assert.deepEqual(shown.media.map((m) => [m.type, m.description]), [["image", "Blue to yellow"]]);
  assert.deepEqual([shown.warning, shown.sensitive, shown.language], ["Colours", true, "en"]);
  const there = await receives(berta, alice, "A picture");
  assert.deepEqual(there.media.map((m) => [m.type, m.description]), [["image", "Blue to yellow"]]);
  assert.equal(there.warning, "Colours");
  for (const one of [shown, there]) {
    const got = await fetch(one.media[0].url);
    assert.deepEqual([got.status, got.headers.get("content-type")], [200, "image/png"]);
  }

  const asked = await alice.post({ status: "Tea or coffee?", poll: ["Tea", "Coffee"] });
  assert.deepEqual(asked.poll.options.map((o) => o.title), ["Tea", "Coffee"]);
  const { poll } = await receives(berta, alice, "Tea or coffee?");
  assert.deepEqual((await berta.vote(poll.id, 1)).ownVotes, [1]);
  await eventually("the vote is counted", async () => (await alice.poll(asked.poll.id)).options[1].votes === 1);

  const first = await alice.post({ status: "Helo" });
  const copy = await receives(berta, alice, "Helo");
  assert.equal(await alice.source(first.id), "Helo");
  const edited = await alice.edit(first.id, "Hello");
  assert.equal(edited.id, first.id);
  assert.ok(edited.editedAt, "an edit has a date");
  await eventually("the edit is elsewhere", async () => (await berta.status(copy.id)).content.includes("Hello"));
  await alice.remove(first.id);
  assert.ok(await gone(alice.status(first.id)), "a deleted post is still there");
  await eventually("it is deleted elsewhere", () => gone(berta.status(copy.id)));
}

async function talk(alice, berta, hears) {
  const said = await berta.post({ status: "Who is awake?" });
  await hears("the post", (e) => e.event === "update" && e.payload.account.acct === berta.handle && e.payload.content.includes("awake"));
  const here = await receives(alice, berta, "awake");
  const answer = await alice.post({ status: `@${berta.handle} I am.`, inReplyTo: here.id });
  assert.equal(answer.inReplyTo, here.id);
  assert.deepEqual(answer.mentions.map((m) => m.acct), [berta.handle]);
  assert.equal((await alice.favourite(here.id)).favourited, true);
  assert.equal((await alice.boost(here.id)).boost.id, here.id);
  assert.equal((await alice.bookmark(here.id)).bookmarked, true);
  for (const type of ["favourite", "reblog", "mention"]) await isTold(berta, type, alice);
  assert.deepEqual((await berta.replies(said.id)).map((s) => s.account.acct), [alice.handle]);

  const told = await isTold(berta, "mention", alice);
  const again = await berta.post({ status: `@${alice.handle} Then good mrning!`, inReplyTo: told.status.id });
  const mention = await hears("the mention", (e) => e.event === "notification" && e.payload.type === "mention" && e.payload.account.acct === berta.handle);
  await berta.edit(again.id, `@${alice.handle} Then good morning!`);
  await hears("the edit", (e) => e.event === "status.update" && e.payload.content.includes("good morning"));
  await berta.remove(again.id);
  await hears("the deletion", (e) => e.event === "delete" && e.payload === mention.payload.status.id);

  await berta.post({ status: `@${alice.handle} between us`, visibility: "direct" });
  await eventually("the conversation is there", async () => (await alice.conversations()).some((s) => s?.content.includes("between us")));
}

// read walks every timeline to its end, two posts at a time.
async function read(alice, berta) {
  const list = await alice.listOf("Far", berta.idElsewhere);
  const mine = [];
  const theirs = [];
  for (const n of ["one", "two", "three", "four", "five"]) mine.push((await alice.post({ status: `Number ${n} #numbers` })).id);
  for (const n of ["six", "seven", "eight"]) {
    await berta.post({ status: `Number ${n} #numbers` });
    theirs.push((await receives(alice, berta, n)).id);
  }
  for (const id of theirs) {
    await alice.favourite(id);
    await alice.bookmark(id);
  }
  const all = [...mine, ...theirs];
  const { id } = await alice.me();
  for (const [name, want, ...of] of [
    ["home", all], ["public", all], ["local", mine], ["tag", all, "numbers"], ["list", theirs, list], ["favourites", theirs], ["bookmarks", theirs], ["profile", mine, id],
  ]) {
    const seen = new Map();
    let pages = 0;
    for await (const page of alice.pages(name, ...of)) {
      assert.ok(++pages < 100, `${name} has no end`);
      assert.ok(page.length <= 2, `a page of ${name} holds ${page.length}`);
      for (const one of page) seen.set(one.id, (seen.get(one.id) ?? 0) + 1);
    }
    for (const one of want) assert.equal(seen.get(one), 1, `${name} shows ${one} so often, on ${pages} pages`);
    for (const [one, times] of seen) assert.equal(times, 1, `${name} shows ${one} so often`);
  }
}
