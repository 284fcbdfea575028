// masto, the client library of Elk and Phanpy.
import { createHash, randomBytes } from "node:crypto";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import { authorise, scopes, tell } from "./story.mjs";

// As in a browser: the code comes back to a page of the client, and is good only with a secret that it kept (PKCE).
const page = "http://localhost:1/signin/callback?from=%2Fhome";

class Masto {
  static async logIn(url, name) {
    const app = await createRestAPIClient({ url }).v1.apps.create({ clientName: "masto", redirectUris: page, scopes });
    const codeVerifier = randomBytes(32).toString("base64url");
    const challenge = { code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"), code_challenge_method: "S256" };
    const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: page, response_type: "code", scope: scopes, ...challenge });
    const code = await authorise(name, `${url}/oauth/authorize?${query}`);
    const oauth = createOAuthAPIClient({ url });
    const secrets = { clientId: app.clientId, clientSecret: app.clientSecret };
    const token = await oauth.token.create({ grantType: "authorization_code", ...secrets, redirectUri: page, code, codeVerifier });
    const client = new Masto();
    client.api = createRestAPIClient({ url, accessToken: token.accessToken });
    client.token = token.accessToken;
    client.leave = () => oauth.revoke({ ...secrets, token: token.accessToken });
    return client;
  }

  me() { return this.api.v1.accounts.verifyCredentials(); }
  async search(q) { return (await this.api.v2.search.list({ q, resolve: true, type: "accounts" })).accounts; }
  follow(id) { return this.api.v1.accounts.$select(id).follow(); }
  async follows(id) { return (await this.api.v1.accounts.relationships.fetch({ id: [id] }))[0].following; }

  async stream(hear) {
    const instance = await this.api.v2.instance.fetch();
    this.streaming = createStreamingAPIClient({ streamingApiUrl: instance.configuration.urls.streaming, accessToken: this.token });
    (async () => {
      for await (const e of this.streaming.user.subscribe()) {
        hear(e.event, e.event === "notification" ? { ...e.payload, status: e.payload.status && status(e.payload.status) } : e.payload);
      }
    })();
  }

  async upload(bytes, description) {
    const file = new File([bytes], "picture.png", { type: "image/png" });
    return (await this.api.v2.media.create({ file, description })).id;
  }
  async post({ status: text, media, warning, sensitive, language, poll, inReplyTo, visibility }) {
    return status(await this.api.v1.statuses.create({
      status: text, mediaIds: media, spoilerText: warning, sensitive, language, visibility, inReplyToId: inReplyTo,
      poll: poll && { options: poll, expiresIn: 3600 },
    }));
  }
  one(id) { return this.api.v1.statuses.$select(id); }
  async status(id) { return status(await this.one(id).fetch()); }
  async source(id) { return (await this.one(id).source.fetch()).text; }
  async edit(id, text) { return status(await this.one(id).update({ status: text })); }
  remove(id) { return this.one(id).remove(); }
  async favourite(id) { return status(await this.one(id).favourite()); }
  async boost(id) { return status(await this.one(id).reblog()); }
  async bookmark(id) { return status(await this.one(id).bookmark()); }
  async replies(id) { return (await this.one(id).context.fetch()).descendants; }
  async poll(id) { return poll(await this.api.v1.polls.$select(id).fetch()); }
  async vote(id, choice) { return poll(await this.api.v1.polls.$select(id).votes.create({ choices: [choice] })); }

  async home() { return (await this.api.v1.timelines.home.list()).map(status); }
  async notifications() { return (await this.api.v1.notifications.list()).map((n) => ({ ...n, status: n.status && status(n.status) })); }
  async conversations() { return (await this.api.v1.conversations.list()).map((c) => c.lastStatus); }
  async listOf(title, account) {
    const { id } = await this.api.v1.lists.create({ title });
    await this.api.v1.lists.$select(id).accounts.create({ accountIds: [account] });
    return id;
  }
  pages(name, of) {
    const { v1 } = this.api;
    return {
      home: () => v1.timelines.home.list({ limit: 2 }),
      public: () => v1.timelines.public.list({ limit: 2 }),
      local: () => v1.timelines.public.list({ local: true, limit: 2 }),
      tag: () => v1.timelines.tag.$select(of).list({ limit: 2 }),
      list: () => v1.timelines.list.$select(of).list({ limit: 2 }),
      favourites: () => v1.favourites.list({ limit: 2 }),
      bookmarks: () => v1.bookmarks.list({ limit: 2 }),
      profile: () => v1.accounts.$select(of).statuses.list({ limit: 2 }),
    }[name]();
  }
}

const poll = (p) => ({ id: p.id, ownVotes: p.ownVotes, options: p.options.map((o) => ({ title: o.title, votes: o.votesCount })) });

const status = (s) => ({
  id: s.id, account: s.account, content: s.content, warning: s.spoilerText, sensitive: s.sensitive, language: s.language, media: s.mediaAttachments,
  poll: s.poll && poll(s.poll), inReplyTo: s.inReplyToId, mentions: s.mentions, editedAt: s.editedAt, favourited: s.favourited,
  bookmarked: s.bookmarked, boost: s.reblog,
});

await tell(Masto);
