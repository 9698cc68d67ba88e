/** The library surface. */
export { toolVersion } from './model/tool.ts';
