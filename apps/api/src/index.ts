export { ApiModule } from './api.module';
export { type Api, createApi } from './create-api';
export { type ServedApi, serveApi } from './serve-api';
