// A certified provider of OpenID Connect on a free port, with the people of the tests. It prints its issuer, and ends
// with its standard input.
//
//   node provider.js REDIRECT_URI    (oidc-provider is found through the folder that this file was copied to)

import { createServer } from "node:http";

import Provider from "oidc-provider";

const people = {
  alice: { name: "Alice Doe", email: "alice@example.com", email_verified: true, groups: ["ml", "everyone"] },
  bob: { name: "Bob", email: "bob@example.com", email_verified: false, groups: ["everyone"] },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "weir",
        client_secret: "a secret: of /+ the client",
        redirect_uris: [process.argv[2]],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: {
      openid: ["sub"],
      profile: ["preferred_username", "name"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...people[id] }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
