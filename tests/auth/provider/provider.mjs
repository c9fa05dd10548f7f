// A real OpenID provider for the browser tests. Settings come as JSON in the first argument; it says its port when it
// listens. Whoever logs in is who the login field says; the password is not looked at.
import Provider from "oidc-provider";

const told = JSON.parse(process.argv[2]);

class Memory {
  static rows = new Map();
  constructor(name) { this.name = name; }
  key(id) { return `${this.name}:${id}`; }
  async upsert(id, payload) { Memory.rows.set(this.key(id), payload); }
  async find(id) { return Memory.rows.get(this.key(id)); }
  async findByUserCode() { return undefined; }
  async findByUid(uid) { for (const [key, row] of Memory.rows) { if (key.startsWith(`${this.name}:`) && row.uid === uid) { return row; } } }
  async consume(id) { Memory.rows.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { Memory.rows.delete(this.key(id)); }
  async revokeByGrantId(grant) { for (const [key, row] of Memory.rows) { if (row.grantId === grant) { Memory.rows.delete(key); } } }
}

const provider = new Provider(told.issuer, {
  adapter: Memory,
  clients: [{
    client_id: "lagesbild",
    client_secret: told.secret,
    redirect_uris: [`${told.home}/logga-in/svar`],
    post_logout_redirect_uris: [`${told.home}/utloggad`],
    token_endpoint_auth_method: "client_secret_basic",
  }],
  claims: { openid: ["sub"], profile: ["name", "groups", "employeeHsaId", "healthCareProviderHsaId"] },
  scopes: ["openid", "profile"],
  conformIdTokenClaims: true,
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  features: {
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  async findAccount(ctx, id) {
    const person = told.people[id];
    return person && { accountId: id, claims: async () => ({ sub: id, ...person }) };
  },
  // the question of consent is not what is tried
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    grant.addOIDCClaims(["name", "groups", "employeeHsaId", "healthCareProviderHsaId"]);
    await grant.save();
    return grant;
  },
});

provider.listen(told.port, "127.0.0.1", () => console.log("listens"));
