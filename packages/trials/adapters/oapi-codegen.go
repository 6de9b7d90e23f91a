package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"trial/generated"
)

func main() {
	client := &http.Client{}
	serve(client, func(sent sentCase) error {
		authorize := func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", "Bearer "+sent.Token)
			return nil
		}
		api, _ := generated.NewClientWithResponses(sent.BaseURL, generated.WithHTTPClient(client), generated.WithRequestEditorFn(authorize))
		ctx, order, borrower, phone := context.Background(), sent.IDs["order_id"], sent.IDs["borrower_id"], sent.IDs["phone_id"]
		create, update := generated.BorrowerPhoneCreate{}, generated.BorrowerPhoneUpdate{}
		json.Unmarshal(sent.Body, &create)
		json.Unmarshal(sent.Body, &update)
		switch sent.Operation {
		case "listBorrowers":
			return check(api.ListBorrowersWithResponse(ctx, order))
		case "listBorrowerPhones":
			return check(api.ListBorrowerPhonesWithResponse(ctx, order, borrower))
		case "createBorrowerPhone":
			return check(api.CreateBorrowerPhoneWithResponse(ctx, order, borrower, create))
		case "updateBorrowerPhone":
			return check(api.UpdateBorrowerPhoneWithResponse(ctx, order, borrower, phone, update))
		}
		return check(api.DeleteBorrowerPhoneWithResponse(ctx, order, borrower, phone))
	})
}

func check(response interface{ StatusCode() int }, err error) error {
	if err == nil && response.StatusCode() != 200 {
		return fmt.Errorf("status %d", response.StatusCode())
	}
	return err
}
