package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"trial/generated"
)

const orderID, borrowerID = 57062885, 124927241

type findings struct {
	Numbers []string `json:"numbers"`
	Created string   `json:"created"`
	Read    string   `json:"read"`
	Updated int32    `json:"updated"`
	Deleted bool     `json:"deleted"`
	Gone    int      `json:"gone"`
}

func main() {
	configuration := generated.NewConfiguration()
	configuration.Servers[0].URL = os.Args[1]
	client := generated.NewAPIClient(configuration)

	account := generated.NewCredentials("example-user", "example-password")
	login, _, err := client.AuthenticationAPI.CreateAccessToken(context.Background()).Credentials(*account).Execute()
	check(err)
	ctx := context.WithValue(context.Background(), generated.ContextAccessToken, login.AccessToken)

	found := findings{Numbers: findNumbers(ctx, client)}
	phones := client.BorrowerPhonesAPI

	create := generated.NewBorrowerPhoneCreate(6, "2025550143")
	create.SetValid(1)
	create.SetNoContact(0)
	created, _, err := phones.CreateBorrowerPhone(ctx, orderID, borrowerID).BorrowerPhoneCreate(*create).Execute()
	check(err)
	found.Created = created.Data.Number

	id := created.Data.Id
	read, _, err := phones.GetBorrowerPhone(ctx, orderID, borrowerID, id).Execute()
	check(err)
	found.Read = read.Data.Number

	update := generated.NewBorrowerPhoneUpdate()
	update.SetNoContact(1)
	updated, _, err := phones.UpdateBorrowerPhone(ctx, orderID, borrowerID, id).BorrowerPhoneUpdate(*update).Execute()
	check(err)
	found.Updated = updated.Data.NoContact

	deleted, _, err := phones.DeleteBorrowerPhone(ctx, orderID, borrowerID, id).Execute()
	check(err)
	found.Deleted = deleted.Data.Success

	_, gone, _ := phones.GetBorrowerPhone(ctx, orderID, borrowerID, id).Execute()
	found.Gone = gone.StatusCode
	check(json.NewEncoder(os.Stdout).Encode(found))
}

// findNumbers goes from the order to the numbers that no record rules out.
func findNumbers(ctx context.Context, client *generated.APIClient) (numbers []string) {
	borrowers, _, err := client.BorrowersAPI.ListBorrowers(ctx, orderID).Execute()
	check(err)
	for _, borrower := range borrowers.Data {
		addresses, _, err := client.BorrowerAddressesAPI.ListBorrowerAddresses(ctx, orderID, borrower.Id).Execute()
		check(err)
		phones, _, err := client.BorrowerPhonesAPI.ListBorrowerPhones(ctx, orderID, borrower.Id).Execute()
		check(err)
		objection := borrower.IsDeceased == 1 || borrower.ActiveMilitary == 1 || borrower.Bankruptcy != nil
		for _, address := range addresses.Data {
			objection = objection || address.NoContact == 1
		}
		objections := map[string]bool{}
		for _, phone := range phones.Data {
			objections[phone.Number] = objections[phone.Number] || phone.NoContact == 1 || phone.Valid == 0
		}
		for _, phone := range phones.Data {
			if !objection && !objections[phone.Number] {
				numbers = append(numbers, phone.Number)
			}
		}
	}
	return numbers
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
