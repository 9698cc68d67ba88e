/** The version of this program, as package.json has it. */
export const toolVersion: string = '0.1.0';
