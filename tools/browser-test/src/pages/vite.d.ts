declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*?worker' {
  const WorkerOfModule: new () => Worker;
  export default WorkerOfModule;
}
