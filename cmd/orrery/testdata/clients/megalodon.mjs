// megalodon, the client library of Whalebird and Fedistar. It finds out by NodeInfo what it speaks to.
import { Readable } from "node:stream";
import generator, { detector } from "megalodon";
import { authorise, outOfBand, scopes, tell } from "./story.mjs";

class Megalodon {
  static async logIn(origin, name) {
    const software = await detector(origin);
    const stranger = generator(software, origin);
    const app = await stranger.registerApp("megalodon", { scopes: scopes.split(" "), redirect_uris: outOfBand });
    const code = await authorise(name, app.url);
    const token = await stranger.fetchAccessToken(app.client_id, app.client_secret, code, outOfBand);
    const client = new Megalodon();
    client.api = generator(software, origin, token.access_token);
    client.leave = () => client.api.revokeToken(app.client_id, app.client_secret, token.access_token);
    return client;
  }

  async me() { return (await this.api.verifyAccountCredentials()).data; }
  async search(q) { return (await this.api.search(q, { type: "accounts", resolve: true })).data.accounts; }
  follow(id) { return this.api.followAccount(id); }
  async follows(id) { return (await this.api.getRelationship(id)).data.following; }

  async stream(hear) {
    const socket = await this.api.userStreaming();
    socket.on("update", (s) => hear("update", status(s)));
    socket.on("status_update", (s) => hear("status.update", status(s)));
    socket.on("notification", (n) => hear("notification", n));
    socket.on("delete", (id) => hear("delete", id));
    socket.on("error", (error) => { throw error; });
    socket.on("parser-error", (error) => { throw error; });
  }

  async upload(bytes, description) {
    const file = Object.assign(Readable.from([bytes]), { path: "picture.png" }); // as a file that was opened
    let { data } = await this.api.uploadMedia(file, { description });
    while (!data.url) ({ data } = await this.api.getMedia(data.id));
    return data.id;
  }
  async post({ status: text, media, warning, sensitive, language, poll, inReplyTo, visibility }) {
    const options = { media_ids: media, spoiler_text: warning, sensitive, language, visibility, in_reply_to_id: inReplyTo, poll: poll && { options: poll, expires_in: 3600 } };
    for (const name of Object.keys(options)) if (options[name] === undefined) delete options[name];
    return status((await this.api.postStatus(text, options)).data);
  }
  async status(id) { return status((await this.api.getStatus(id)).data); }
  async source(id) { return (await this.api.getStatusSource(id)).data.text; }
  async edit(id, text) { return status((await this.api.editStatus(id, { status: text })).data); }
  remove(id) { return this.api.deleteStatus(id); }
  async favourite(id) { return status((await this.api.favouriteStatus(id)).data); }
  async boost(id) { return status((await this.api.reblogStatus(id)).data); }
  async bookmark(id) { return status((await this.api.bookmarkStatus(id)).data); }
  async replies(id) { return (await this.api.getStatusContext(id)).data.descendants; }
  async poll(id) { return poll((await this.api.getPoll(id)).data); }
  async vote(id, choice) { return poll((await this.api.votePoll(id, [choice])).data); }

  async home() { return (await this.api.getHomeTimeline()).data.map(status); }
  async notifications() { return (await this.api.getNotifications()).data; }
  async conversations() { return (await this.api.getConversationTimeline()).data.map((c) => c.last_status); }
  async listOf(title, account) {
    const { data } = await this.api.createList(title);
    await this.api.addAccountsToList(data.id, [account]);
    return data.id;
  }
  async *pages(name, of) {
    const page = {
      home: (o) => this.api.getHomeTimeline(o),
      public: (o) => this.api.getPublicTimeline(o),
      local: (o) => this.api.getLocalTimeline(o),
      tag: (o) => this.api.getTagTimeline(of, o),
      list: (o) => this.api.getListTimeline(of, o),
      favourites: (o) => this.api.getFavourites(o),
      bookmarks: (o) => this.api.getBookmarks(o),
      profile: (o) => this.api.getAccountStatuses(of, o),
    }[name];
    for (let max; ; ) {
      const { data, headers } = await page(max ? { limit: 2, max_id: max } : { limit: 2 });
      yield data;
      max = /[?&]max_id=(\d+)[^>]*>; *rel="next"/.exec(headers.link ?? "")?.[1];
      if (!max) return;
    }
  }
}

const poll = (p) => ({ id: p.id, ownVotes: p.own_votes, options: p.options.map((o) => ({ title: o.title, votes: o.votes_count })) });

const status = (s) => ({
  id: s.id, account: s.account, content: s.content, warning: s.spoiler_text, sensitive: s.sensitive, language: s.language, media: s.media_attachments,
  poll: s.poll && poll(s.poll), inReplyTo: s.in_reply_to_id, mentions: s.mentions, editedAt: s.edited_at, favourited: s.favourited,
  bookmarked: s.bookmarked, boost: s.reblog,
});

await tell(Megalodon);
