require 'json'
require 'uri'
require 'openapi_client'

mended = ARGV.first == 'mended'
configuration = OpenapiClient::Configuration.default
# Otherwise, the client uses the contract's server.
configuration.server_index = nil
phones = OpenapiClient::BorrowerPhonesApi.new
borrowers = OpenapiClient::BorrowersApi.new

if mended
  # The client has no settings for these.
  Typhoeus.before { |request| request.options.update(followlocation: false, fresh_connect: true) }
end

$stdin.each_line do |line|
  sent = JSON.parse(line, symbolize_names: true)
  url = URI(sent[:base_url])
  configuration.scheme = url.scheme
  configuration.host = "#{url.host}:#{url.port}"
  configuration.base_path = url.path
  configuration.access_token = sent[:token]
  configuration.timeout = sent[:deadline_ms] / 1000.0 if mended
  ids = sent[:ids].values
  reply = { id: sent[:id], outcome: 'ok', output: '' }
  begin
    case sent[:operation]
    when 'listBorrowers' then borrowers.list_borrowers(*ids)
    when 'listBorrowerPhones' then phones.list_borrower_phones(*ids)
    when 'createBorrowerPhone' then phones.create_borrower_phone(*ids, OpenapiClient::BorrowerPhoneCreate.new(sent[:body]))
    when 'updateBorrowerPhone' then phones.update_borrower_phone(*ids, OpenapiClient::BorrowerPhoneUpdate.new(sent[:body]))
    when 'deleteBorrowerPhone' then phones.delete_borrower_phone(*ids)
    end
  rescue StandardError => e
    reply.update(outcome: 'error', output: e.full_message(highlight: false).dup.force_encoding('UTF-8').scrub)
  end
  puts JSON.generate(reply)
  $stdout.flush
end
