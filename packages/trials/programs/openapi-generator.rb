require 'json'
require 'openapi_client'

ORDER = 57_062_885
BORROWER = 124_927_241

# Goes from the order to the numbers that no record rules out.
def find_numbers
  OpenapiClient::BorrowersApi.new.list_borrowers(ORDER).data.flat_map do |borrower|
    addresses = OpenapiClient::BorrowerAddressesApi.new.list_borrower_addresses(ORDER, borrower.id).data
    phones = OpenapiClient::BorrowerPhonesApi.new.list_borrower_phones(ORDER, borrower.id).data
    next [] if borrower.is_deceased == 1 || borrower.active_military == 1 || borrower.bankruptcy
    next [] if addresses.any? { |address| address.no_contact == 1 }

    objections = phones.select { |phone| phone.no_contact == 1 || phone.valid.zero? }
    phones.map(&:number) - objections.map(&:number)
  end
end

def status_of
  yield
  200
rescue OpenapiClient::ApiError => e
  e.code
end

OpenapiClient.configure do |config|
  config.scheme = 'http'
  config.host = ARGV.first
  # Otherwise, the client uses the contract's server.
  config.server_index = nil
end
account = OpenapiClient::Credentials.new(username: 'example-user', password: 'example-password')
login = OpenapiClient::AuthenticationApi.new.create_access_token(account)
OpenapiClient.configure { |config| config.access_token = login.access_token }

numbers = find_numbers
phones = OpenapiClient::BorrowerPhonesApi.new
phone = OpenapiClient::BorrowerPhoneCreate.new(type: 6, number: '2025550143', valid: 1, no_contact: 0)
created = phones.create_borrower_phone(ORDER, BORROWER, phone).data
update = OpenapiClient::BorrowerPhoneUpdate.new(no_contact: 1)
puts JSON.generate(
  numbers: numbers,
  created: created.number,
  read: phones.get_borrower_phone(ORDER, BORROWER, created.id).data.number,
  updated: phones.update_borrower_phone(ORDER, BORROWER, created.id, update).data.no_contact,
  deleted: phones.delete_borrower_phone(ORDER, BORROWER, created.id).data.success,
  gone: status_of { phones.get_borrower_phone(ORDER, BORROWER, created.id) }
)
