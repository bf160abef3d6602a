export { serveApi } from './serve-api';
