/** Apollo Gateway in Apollo Server, as their documentation starts them. Elastic License 2.0: measured here, never distributed. */
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { printReady, supergraphSdl } from "./peer.ts";

const gateway = new ApolloGateway({ supergraphSdl });
const server = new ApolloServer({ gateway, introspection: false });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
printReady("apollo", `${url}graphql`);
