// What the examples use of Express: a step that reads the body as bytes, whatever its type.
function raw() {
  return async (request, _response, next) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    request.body = chunks.length > 0 ? Buffer.concat(chunks) : {};
    next();
  };
}

export default { raw };
