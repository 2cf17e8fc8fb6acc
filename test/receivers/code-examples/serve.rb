# Serves the examples for Ruby, each at its name: EXAMPLES=folder ruby serve.rb
require 'socket'
require 'stringio'

apps = Dir.glob(File.join(ENV.fetch('EXAMPLES'), '*', 'webhooks.rb')).to_h do |file|
  load file
  app = Webhooks
  Object.send(:remove_const, :Webhooks)
  [File.basename(File.dirname(file)), app]
end

server = TCPServer.new('127.0.0.1', 0)
puts "listens on http://127.0.0.1:#{server.addr[1]}/"
$stdout.flush

loop do
  socket = server.accept
  path = socket.gets.to_s.split[1].to_s
  env = {}
  while (line = socket.gets.to_s.chomp) && !line.empty?
    name, value = line.split(':', 2)
    env["HTTP_#{name.upcase.tr('-', '_')}"] = value.to_s.strip
  end
  body = socket.read(env.fetch('HTTP_CONTENT_LENGTH', '0').to_i).to_s
  status, = apps.fetch(path.delete('/')).call(env.merge('rack.input' => StringIO.new(body)))
  socket.write("HTTP/1.1 #{status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
  socket.close
end
